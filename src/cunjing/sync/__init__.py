"""The device protocol: enrolment, pushes of what was recorded, pulls of what a device may know."""

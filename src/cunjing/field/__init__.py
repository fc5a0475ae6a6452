"""The officers' phone app as it is served: its page, its service worker, its manifest."""

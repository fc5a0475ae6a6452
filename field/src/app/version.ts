/** What the app calls itself when it enrols, and in the settings. */
export const VERSION = "0.1.0";

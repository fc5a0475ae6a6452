// Style sheets are imported for their effect only; Vite turns them into files.
declare module "*.css";
// Tabler ships its widgets as one script run for its effect.
declare module "@tabler/core";

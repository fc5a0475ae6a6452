// A file of its own: it is seldom needed.

export { showConfirmDialog } from "vant";

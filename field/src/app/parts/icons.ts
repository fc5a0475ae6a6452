// Icons as paths in a square of 24, drawn with lines. No font, no file to fetch.

export const ICONS = {
  home: "M3 11 12 4l9 7M6 9v11h12V9M10 20v-6h4v6",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4v6M8 14v6",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  phone: "M6 3h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4c0 2-2 3-4 3C10 21 3 14 3 7c0-2 1-4 3-4Z",
  plus: "M12 5v14M5 12h14",
  check: "M5 12l5 5 9-10",
  door: "M6 21V4h12v17M4 21h16M14 12v1",
  message: "M4 5h16v11H9l-5 4Z",
  people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3 20c0-4 3-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6M17 14c3 0 4 2 4 6",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4ZM10 21h4",
  flag: "M6 21V4h12l-3 4 3 4H6",
  lock: "M6 11h12v9H6ZM9 11V7a3 3 0 0 1 6 0v4",
  sync: "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
  camera: "M4 8h4l2-3h4l2 3h4v11H4ZM12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  chart: "M4 20V4M4 20h16M8 16v-4M13 16V8M18 16v-6",
  question: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  search: "M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM20 20l-5-5",
  warning: "M12 4l9 16H3ZM12 10v4M12 17h.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 2",
  minus: "M6 12h12",
} as const;

export type IconName = keyof typeof ICONS;

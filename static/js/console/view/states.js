/** How each state of an agent looks: always an icon and a word besides the colour. */

export const STATES = {
  offline: { word: "Offline", icon: "moon", tone: "neutral" },
  paused: { word: "Paused", icon: "pause", tone: "neutral" },
  ready: { word: "Ready", icon: "headset", tone: "good" },
  preview: { word: "Preview", icon: "eye", tone: "accent" },
  reserved: { word: "Call coming", icon: "phone", tone: "accent" },
  talking: { word: "On call", icon: "phone", tone: "accent" },
  hold: { word: "On hold", icon: "hold", tone: "hold" },
  wrapup: { word: "Wrap-up", icon: "hourglass", tone: "warn" },
};

export const METHODS = {
  predictive: "Predictive",
  progressive: "Progressive",
  preview: "Preview",
  manual: "Manual",
  callback: "Callback",
};

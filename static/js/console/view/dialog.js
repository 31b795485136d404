/** A modal dialog: the browser keeps the focus inside and gives it back. */

import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { Icon } from "./icon.js";

/** Shown while it is rendered. Without `onClose` it cannot be put away. */
export function Dialog({ title, onClose, children, kind = "" }) {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
    return () => element.current?.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose?.();
  };
  return html`
    <dialog ref=${element} class="console-dialog ${kind}" aria-labelledby="dialog-title" onCancel=${cancel}>
      <h2 id="dialog-title">${title}</h2>
      ${children}
      ${
        onClose &&
        html`
          <button
            type="button"
            class="button quiet icon-only small dialog-close"
            aria-label="Close"
            onClick=${onClose}
          >
            <${Icon} name="cross" />
          </button>
        `
      }
    </dialog>
  `;
}

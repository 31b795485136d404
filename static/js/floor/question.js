/* One question before something that cannot be taken back. */

import { useEffect, useRef } from "preact/hooks"

import { question } from "./store.js"
import { html } from "./ui.js"

export function Question() {
  const box = useRef(null)
  const asked = question.value
  useEffect(() => {
    if (asked) box.current.showModal()
  }, [asked])
  if (!asked) return null
  const close = () => {
    box.current?.close()
    question.value = null
  }
  const answer = () => {
    close()
    asked.run()
  }
  return html`<dialog ref=${box} aria-labelledby="question-title" aria-describedby="question-words" onCancel=${close}>
    <h2 id="question-title">${asked.title}</h2>
    <p id="question-words">${asked.words}</p>
    <div class="form-end">
      <button class="button" onClick=${close}>Cancel</button>
      <button class="button danger" onClick=${answer}>${asked.action}</button>
    </div>
  </dialog>`
}

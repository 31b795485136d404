/* What every page needs: dialogs, menus, and messages that go away. */

const TOAST_LIFE_MS = 8000

/** Show a message for a while; an error stays until it is closed. `tone`: "", "good", "warn" or "bad". */
export function toast(words, tone = "") {
  const box = document.createElement("div")
  box.className = `notice ${tone}`
  const text = document.createElement("span")
  text.textContent = words
  const close = document.createElement("button")
  close.type = "button"
  close.dataset.dismiss = ""
  close.setAttribute("aria-label", "Close this message")
  close.textContent = "×"
  box.append(text, close)
  document.getElementById("toasts").append(box)
  if (tone !== "bad") setTimeout(() => box.remove(), TOAST_LIFE_MS)
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false
  }
}

document.addEventListener("click", ({ target }) => {
  closeMenus(target.closest("details[data-menu]"))
  const opener = target.closest("[data-dialog]")
  if (opener) document.getElementById(opener.dataset.dialog).showModal()
  if (target.closest("[data-close]")) target.closest("dialog").close()
  if (target.closest("[data-dismiss]")) target.closest(".notice").remove()
})

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]")
  if (menu) {
    menu.open = false
    menu.querySelector("summary").focus()
  }
})

for (const message of document.querySelectorAll("[data-toast]")) {
  if (message.dataset.toast !== "error") setTimeout(() => message.remove(), TOAST_LIFE_MS)
}

// What the tests ask of a page that is shown: one object, and each question a function of it.
({
  /* Send a form from here, as the page would: with its token. */
  send([action, fields]) {
    const form = document.createElement("form")
    form.method = "post"
    form.action = action
    const token = document.querySelector("[name=csrf_token]")
    for (const [name, value] of [["csrf_token", token ? token.value : ""], ...fields]) {
      const field = document.createElement("input")
      field.name = name
      field.value = value
      form.append(field)
    }
    document.body.append(form)
    form.submit()
  },

  /* What makes the page wider than the screen. */
  tooWide() {
    const room = document.documentElement.clientWidth
    const wide = document.documentElement.scrollWidth
    if (wide <= room) return []
    const outside = [...document.body.querySelectorAll("*")].filter(e => {
      const box = e.getBoundingClientRect()
      return (box.right > room + 1 || box.left < -1) && !e.closest(".scroll, .sr, .skip")
    })
    return [`${wide} of ${room} px: ${outside.slice(-2).map(e => this.name(e)).join("; ")}`]
  },

  /* Words of which a part is hidden. */
  clipped() {
    const wrong = [...document.body.querySelectorAll(":not(.sr):not(svg):not(svg *)")].filter(e => {
      const style = getComputedStyle(e)
      const hides = [style.overflowX, style.overflowY].some(way => way === "hidden" || way === "clip")
      const more = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1
      return hides && more && e.clientWidth > 1 && e.textContent.trim()
    })
    return wrong.map(e => this.name(e))
  },

  /* References, dates, symbols, amounts and addresses of which a later character stands left of an earlier one on its
     line; and arrows, which no browser turns. */
  backwards() {
    const typed = new RegExp([
      "[A-Z]-[2-9A-Z]{8}",
      "\\d{4}-\\d{2}-\\d{2}",
      "[A-Z]+(?:/[A-Z0-9.]+)+",
      "[0-9a-f]{4}(?: [0-9a-f]{4})+",
      "−?\\d{1,3}(?:[,\u00a0]\\d{3})*[.,]\\d{2}(?:\u00a0[A-Z]{3})?",
      "\\d{2}:\\d{2}",
      "[\\w.]+@[\\w.]+\\w",
    ].join("|"), "g")
    const wrong = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (!parent.checkVisibility() || parent.closest("svg, .sr, textarea, option")) continue
      for (const found of node.data.matchAll(typed)) {
        if (this.turned(node, found.index, found[0].length)) wrong.push(`${found[0]} in ${this.name(parent)}`)
      }
      if (/[→←⟶⟵]/.test(node.data)) wrong.push(`an arrow in ${this.name(parent)}`)
    }
    return wrong
  },

  turned(node, start, length) {
    const range = document.createRange()
    let before = null
    for (let at = start; at < start + length; at++) {
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const box = range.getClientRects()[0]
      if (!box || !box.width) continue
      if (before && Math.abs(box.top - before.top) < 4 && box.left < before.left - 0.5) return true
      before = box
    }
    return false
  },

  /* Number what can be reached by keyboard; of a group of choices that is the chosen one, or any. */
  controls() {
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    const seen = [...document.querySelectorAll(all)].filter(e => e.checkVisibility() && !e.disabled)
    const groups = new Set()
    const each = seen.filter(e => {
      const group = e.type === "radio" ? `${e.form?.action} ${e.name}` : e
      const fresh = !groups.has(group)
      groups.add(group)
      return fresh
    })
    seen.forEach(e => {
      e.dataset.control = each.findIndex(one => one === e || (e.type === "radio" && one.name === e.name))
    })
    return each.length
  },

  /* The number of what has the focus, and whether that can be seen. */
  focused() {
    const e = document.activeElement
    const style = getComputedStyle(e)
    const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    return [e.dataset.control === undefined ? -1 : Number(e.dataset.control), shown, this.name(e)]
  },

  name(e) {
    const words = e.textContent.trim().replace(/\s+/g, " ").slice(0, 60)
    return `<${e.tagName.toLowerCase()} class="${e.getAttribute("class") ?? ""}">${words}`
  },
})

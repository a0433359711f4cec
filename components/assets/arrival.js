// Whoever came to another page sees it from its top, and not behind the list of pages that they chose it from: on a
// telephone Streamlit lets that lie over the page, and the page begins where the one before was scrolled to.

const last = window.countersignArrival ?? (window.countersignArrival = { page: undefined })

const CLOSE = "[data-testid='stSidebar'][data-collapsed='false'] [data-testid='stSidebarCollapseButton'] button"

function closePages() {
  if (matchMedia("(max-width: 767px)").matches) document.querySelector(CLOSE)?.click()
}

export default function ({ data }) {
  if (last.page === data.page) return
  if (last.page !== undefined) document.querySelector("[data-testid='stMain']")?.scrollTo({ top: 0 })
  last.page = data.page
  closePages()
}

// Whoever chose another page on a telephone sees it, and not the list of pages, which Streamlit lets lie over it.

const CLOSE = "[data-testid='stSidebar'][data-collapsed='false'] [data-testid='stSidebarCollapseButton'] button"
const last = window.countersignArrival ?? (window.countersignArrival = { page: undefined })

export default function ({ data }) {
  if (last.page === data.page) return
  last.page = data.page
  if (matchMedia("(max-width: 767px)").matches) document.querySelector(CLOSE)?.click()
}

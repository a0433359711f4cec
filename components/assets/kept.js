// What is made once for a part of the page, and left when that part goes. Streamlit also ends a renewal that another one
// has overtaken, with the part still on the page.
function keep(root, make) {
  root.kept ??= make()
  return () => {
    if (root.isConnected) return
    root.kept?.leave()
    root.kept = undefined
  }
}


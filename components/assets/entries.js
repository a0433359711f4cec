// What one opens is a step that Back takes back; how one looks at it, by filters, a search, an order or the editor, is in
// the address without being one. Here before Streamlit, which makes a step of each change of the address.
{
  const OPENED = ["review", "thread", "beside", "what_if"]
  const push = history.pushState.bind(history)
  const of = url => OPENED.map(name => url.searchParams.get(name)).join()
  history.pushState = (state, unused, url) => {
    const [here, there] = [new URL(location), new URL(url ?? location, location)]
    const same = here.pathname === there.pathname && of(here) === of(there)
    same ? history.replaceState(state, unused, url) : push(state, unused, url)
  }
}

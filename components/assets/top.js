// What comes on screen in another one's place begins at its top: Streamlit leaves the page as far down as the other one
// was scrolled, and the browser, which holds on to what it finds again below, even goes back down where it was shorter.
const toTop = () => document.querySelector("[data-testid='stMain']")?.scrollTo({ top: 0 })


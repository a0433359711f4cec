"""History: the audit entries, filterable, as CSV."""

import streamlit as st

from components.audit_table import as_frame
from components.header import show_header
from components.session import desk
from components.words import action, by_whom
from review.views import entries_csv

LIMIT = 1000
EVERYBODY = "Everybody"

show_header("History", "Everything that was done, and by whom. Nothing here can be changed.")
audit = desk().ledger.audit
actions, actors = audit.kinds()
first, second, third = st.columns([3, 2, 2])
chosen = first.multiselect(
    "Actions", actions, format_func=action, key="actions", bind="query-params", placeholder="All"
)
by = second.selectbox("By", [EVERYBODY, *actors], format_func=by_whom, key="by", bind="query-params")
actor = None if by == EVERYBODY else by
thread_id = third.text_input("Thread", key="thread", bind="query-params", placeholder="A thread's id").strip()
entries = audit.entries(actions=chosen, actor=actor, thread_id=thread_id or None, limit=LIMIT)

if not entries:
    st.info("Nothing has happened yet that fits.", icon=":material/history:")
else:
    st.dataframe(
        as_frame(entries),
        hide_index=True,
        height=560,
        alt="What was done",
        column_config={
            "When": st.column_config.DatetimeColumn(format="DD MMM YYYY, HH:mm:ss"),
            "Said": st.column_config.TextColumn(width="medium"),
            "Thread": st.column_config.TextColumn(width="small"),
            "Review": st.column_config.TextColumn(width="small"),
        },
    )
    st.markdown(
        f":gray[{len(entries)} entries, newest first]" + (f" :gray[(the last {LIMIT})]" * (len(entries) == LIMIT))
    )
    st.download_button(
        "Download as CSV",
        data=lambda: entries_csv(audit.entries(actions=chosen, actor=actor, thread_id=thread_id or None, limit=None)),
        file_name="countersign-history.csv",
        mime="text/csv",
        icon=":material/download:",
        key="download_history",
    )

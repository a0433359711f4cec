"""Streamlit's own messages, as a browser sends and reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


def stream(port: int) -> str:
    return f"ws://localhost:{port}/_stcore/stream"


@dataclass(frozen=True)
class Button:
    """The widget's id, which ends in its key, and the fragment that it is drawn in."""

    id: str
    fragment: str

    @property
    def key(self) -> str:
        return self.id.split("-", 2)[-1]


@dataclass
class Shown:
    """What one session was told so far."""

    query: str = ""
    page: str = ""
    path: str = ""
    buttons: dict[str, Button] = field(default_factory=dict)
    ticks: dict[str, float] = field(default_factory=dict)

    def take(self, told: ForwardMsg) -> bool:
        """Read a message; whether it ends a run of the script that was not given up for another one."""
        kind = told.WhichOneof("type")
        if kind == "new_session" and not told.metadata.run.fragment_ids:
            self.buttons, self.ticks = {}, {}
        elif kind == "navigation":
            self.page = told.navigation.page_script_hash
            paths = {page.page_script_hash: page.url_pathname for page in told.navigation.app_pages}
            self.path = paths[self.page]
        elif kind == "page_info_changed":
            self.query = told.page_info_changed.query_string
        elif kind == "delta":
            self._draw(told)
        elif kind == "auto_rerun":
            self.ticks[told.auto_rerun.fragment_id] = told.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in told.stop_auto_rerun.fragment_ids:
                self.ticks.pop(fragment, None)
        return kind == "script_finished" and told.script_finished in FINISHED

    def _draw(self, told: ForwardMsg) -> None:
        drawn = told.delta.new_element
        if drawn.WhichOneof("type") == "button":
            button = Button(drawn.button.id, told.delta.fragment_id)
            self.buttons.pop(button.key, None)  # the order is that in which they were drawn last
            self.buttons[button.key] = button

    def rerun(self, fragment: str = "", clicked: Button | None = None, *, ticks: bool = False) -> bytes:
        """Asks for a rerun of the page or of one fragment of it, by a click or by a timer (`ticks`). The state of no
        other widget is sent: the server keeps what it has."""
        asked = BackMsg()
        rerun = asked.rerun_script
        rerun.query_string, rerun.is_auto_rerun = self.query, ticks
        rerun.fragment_id = clicked.fragment if clicked else fragment
        rerun.page_script_hash, rerun.page_name = self.page, "" if self.page else self.path
        rerun.context_info.timezone = "UTC"
        if clicked:
            rerun.widget_states.widgets.add(id=clicked.id, trigger_value=True)
        return asked.SerializeToString()

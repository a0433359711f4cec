"""The agent's model without a model: it calls the tools in a sensible order, and says what was done."""

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from graphs.helpdesk.orders import ORDERS


class OfflineModel(BaseChatModel):
    """Deterministic: the same conversation gets the same next message."""

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "OfflineModel":
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=next_message(messages))])


def next_message(messages: Sequence[BaseMessage]) -> AIMessage:
    """Look the order up, propose a refund and a reply, then tell what came of them."""
    asked = max(place for place, message in enumerate(messages) if isinstance(message, HumanMessage))
    text = str(messages[asked].content)
    results = [message for message in messages[asked:] if isinstance(message, ToolMessage)]
    found = re.search(r"\bA-\d{4}\b", text)
    if found is None:
        return AIMessage("The customer names no order. Ask for its number; it begins with A-.")
    number = found[0]
    match [result.name for result in results]:
        case []:
            return AIMessage("", tool_calls=[_call("look_up_order", 1, number=number)])
        case ["look_up_order"] if number in ORDERS:
            return AIMessage("The order is ours. This is what I suggest.", tool_calls=_proposals(number, text))
        case ["look_up_order"]:
            return AIMessage(f"There is no order {number}. Ask the customer to check the number.")
    return AIMessage("\n".join(f"{result.name}: {result.text}" for result in results[1:]))


def _proposals(number: str, text: str) -> list[ToolCall]:
    """A refund where something is wrong with the goods, and a reply in any case."""
    order = ORDERS[number]
    wrong = re.search(r"broken|damaged|wrong|missing|late|refund", text, re.I)
    if wrong is None:
        body = f"Thank you for your message about order {number} ({order['item']}). It was sent on {order['sent']}."
        return [_call("send_reply", 2, to=order["email"], body=body)]
    body = (
        f"We are sorry about your order {number} ({order['item']}). "
        f"You get {order['price']:.2f} EUR back within three working days; there is no need to send anything back."
    )
    refund = _call("refund_order", 2, number=number, amount=order["price"], reason=wrong[0].lower())
    return [refund, _call("send_reply", 3, to=order["email"], body=body)]


def _call(name: str, turn: int, /, **args: Any) -> ToolCall:
    return ToolCall(name=name, args=args, id=f"call_{turn}", type="tool_call")

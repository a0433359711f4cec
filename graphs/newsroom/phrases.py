"""The offline writer's shorter phrases: how an article begins and ends, and what a revision may add."""

# First sentences. `{about}` is the topic as a part of a sentence, `{About}` at the beginning of one.
OPENINGS: dict[str, tuple[str, ...]] = {
    "story": (
        "This is the story of {about}: where we started, what we changed, and what we would do again.",
        "{About} is a story with fewer surprises than we feared and one or two more than we planned for.",
    ),
    "reasons": (
        "There is a short answer to the question of {about}, and a longer one; both are given here.",
        "Ask {about} and you will get as many answers as there are people in the room; here is ours.",
    ),
    "news": (
        "{About} brings together what is new, what stays as it is, and what comes next.",
        "Here is {about} in one page: the changes, the reasons for them, and what they mean for you.",
    ),
    "subject": (
        "These are the main points about {about}, in the order in which they tend to matter.",
        "Much can be said about {about}; this piece keeps to what helps you take the next step.",
    ),
}

AUDIENCE: dict[str, tuple[str, str]] = {
    "plain": (
        "It is written for {audience} and keeps to what is useful.",
        "It is meant for {audience}, and it can be read in one go.",
    ),
    "friendly": (
        "It is for {audience}, and there is no test at the end.",
        "Pull up a chair; this one is for {audience}.",
    ),
    "formal": (
        "It is addressed to {audience}.",
        "It is intended for {audience} and may be passed on.",
    ),
    "lively": (
        "It is for {audience}, and there is a lot to like.",
        "If you read one thing today, let it be this: it is made for {audience}.",
    ),
}

CLOSINGS: dict[str, tuple[str, str]] = {
    "plain": (
        "That is where we are; comments are welcome while there is still time to use them.",
        "That is the whole of it for now; the rest will follow when there is something to say.",
    ),
    "friendly": (
        "Thank you for reading this far; if something is missing, tell us, and we will put it right.",
        "That is it from us, so over to you: tell us what you think.",
    ),
    "formal": (
        "Comments are welcome and will be considered before the next edition of this text.",
        "Questions may be addressed to the authors at any time.",
    ),
    "lively": (
        "There is more to come, and we can hardly wait to show you.",
        "Try it, tell us, and watch this space!",
    ),
}

EXAMPLES = (
    "Take an ordinary Tuesday. A question comes in before ten, the person who owns that step answers it before lunch, "
    "and by the afternoon the next one can begin. Nothing about it is remarkable, and that is the point.",
    "Here is an example from an ordinary week: a form comes back with one field missing. It used to travel the whole "
    "way and return days later; now the first person to see it asks, gets an answer, and moves on.",
)

SUBTITLES: dict[str, str] = {
    "story": "what changed and what we learned",
    "reasons": "the short answer and the longer one",
    "news": "what is new and what stays the same",
    "subject": "the points that matter",
}

CONTRACTIONS = {
    "it is": "it's",
    "that is": "that's",
    "there is": "there's",
    "here is": "here's",
    "we have": "we've",
    "we would": "we'd",
    "we will": "we'll",
    "you will": "you'll",
    "does not": "doesn't",
    "did not": "didn't",
    "do not": "don't",
}

"""What the offline writer knows how to say: plain data, no facts of its own that somebody would have to check.

A section is two headings to choose from, then its units in order. A unit is a sentence, or a list with the line that
leads into it; an empty unit begins a new paragraph. A section makes sense wherever it is cut off.
"""

SECTIONS: dict[str, tuple[tuple[str, str], tuple[str, ...]]] = {
    "before": (
        ("Where we started", "The starting point"),
        (
            "Every change of this kind begins with a small irritation that everybody has learned to live with.",
            "The old way worked, it was understood, and it took longer than anyone liked to admit.",
            "Nobody had chosen it; it had grown, one reasonable exception after another.",
            "",
            "So before we touched anything, we wrote down what happens today, step by step, and who waits for whom.",
            "The list was longer than expected, and part of it existed only because of something that used to be true.",
            "It gave us a common picture to argue about, which is a better start than a common opinion.",
        ),
    ),
    "change": (
        ("What we changed", "What is different now"),
        (
            "We changed one thing at a time, and we changed the order of the work before we changed the tools.",
            "Checks that used to come at the end moved to the place where a mistake is still cheap to mend.",
            "",
            "Three decisions carried most of the weight:\n\n"
            "- Each step has one owner, and the owner is a person, not a mailbox.\n"
            "- A step is finished when the next person can start.\n"
            "- An exception is written down once, and then becomes a rule or is dropped.",
            "",
            "None of this is clever.",
            "It is only done every time, which is the part that used to be missing.",
        ),
    ),
    "obstacles": (
        ("The hard part", "What got in the way"),
        (
            "The hard part was not the work itself but the time in which the old way and the new way ran side by side.",
            "For a few days everybody did a little of both, and the questions came faster than the answers.",
            "We got through it by keeping one place for open questions, each with a name beside it and an answer "
            "before the end of the day.",
            "",
            "Two things that we had planned did not survive.",
            "One was too much detail for too little gain, and the other solved a problem that went away by itself.",
            "Dropping them was easier because we had agreed beforehand how we would know.",
        ),
    ),
    "people": (
        ("The people in it", "Who makes it work"),
        (
            "Work like this is carried by the people who do it, and they notice first when something does not fit.",
            "It pays to ask them before the first round and again after it; the second answers are the better ones.",
            "Much of what gets improved later comes from those conversations.",
            "",
            "It also helps to say plainly what will not change.",
            "Uncertainty costs more than effort, and a short, honest note in good time saves a long meeting later.",
            "Where something is not decided yet, we say that too, and we say when it will be.",
        ),
    ),
    "lessons": (
        ("What we would do again", "What we take from it"),
        (
            "Some of what we learned is worth keeping.",
            "The first round does not have to be right; it has to be finished, so that there is something to improve.",
            "",
            "The rest fits on a card:\n\n"
            "- Write down the present before you design the future.\n"
            "- Put the checks where a mistake is cheap.\n"
            "- Tell people early what stays the same.\n"
            "- Judge the result with those who do the work, not by the figures alone.",
            "",
            "If we began again tomorrow, we would start smaller and talk about it sooner.",
        ),
    ),
    "case": (
        ("The short answer", "The case for it"),
        (
            "The short answer is that the alternative costs more, and costs it later.",
            "What is left undone today does not go away; it comes back when there is less time to do it well.",
            "We would rather pay the small price now, knowingly, than the large one by surprise.",
            "",
            "The longer answer has to do with trust: people rely on us because somebody stands behind what we do, by "
            "name, and can be asked.",
            "That is easy to lose in a hurry and slow to win back, so it counts for more than a few minutes saved.",
        ),
    ),
    "cost": (
        ("What it costs", "The price"),
        (
            "It would be wrong to pretend that it comes for free.",
            "It takes time from people who have other things to do, and on a busy day it can feel like a detour.",
            "We keep an eye on two things: how long the work waits, and how often the waiting made a difference.",
            "",
            "Should the second no longer justify the first, we will change it; a habit is not an argument.",
            "Until then we think the price is fair, and we try to keep it low.",
            "Small steps, clear owners and a plain question at each of them do more for that than any tool.",
        ),
    ),
    "doubts": (
        ("Fair objections", "What speaks against it"),
        (
            "There are good objections, and they deserve a straight answer.",
            "",
            "We hear three of them most often:\n\n"
            "- *It slows us down.* Sometimes it does: where the stakes are high, and hardly anywhere else.\n"
            "- *We have experienced people.* We do, and they are the first to ask for a second pair of eyes.\n"
            "- *Nothing ever goes wrong.* That is what it looks like when it works.",
            "",
            "None of these is silly, and each of them was ours at some point.",
            "What changed our minds was not a rule but a few ordinary cases in which a second look was the cheap one.",
        ),
    ),
    "practice": (
        ("In practice", "How it works day to day"),
        (
            "In practice there is less to it than a description suggests.",
            "The work is split into steps that one person can finish, each with an owner and a clear end.",
            "Where two people see it differently, they talk, and the outcome is written down in a sentence or two.",
            "",
            "On an ordinary day this takes a few minutes and goes unnoticed.",
            "On the other days it is the reason why a problem stayed small.",
            "What makes it work is that the question is specific: is this right, is it clear, and would we sign it?",
            "A vague request gets a vague yes; a precise one gets a useful answer.",
        ),
    ),
    "standing": (
        ("Where things stand", "The present state"),
        (
            "Most of what is said about this subject is right, and little of it is said in the same place.",
            "The basics are settled and do not need to be argued again.",
            "What remains open is smaller than it looks: a handful of choices that somebody has to make.",
            "",
            "It helps to keep apart what we know, what we assume, and what we only hope.",
            "Of the three, the second deserves the most attention, because assumptions age quietly.",
        ),
    ),
    "matters": (
        ("What matters most", "What to keep in mind"),
        (
            "Three points matter more than the rest:\n\n"
            "- Begin with the result that people need, and work back from there.\n"
            "- Keep the first version small enough to be finished.\n"
            "- Say who decides, so that nobody has to guess.",
            "",
            "Everything else is detail, and details are easier to get right once these are settled.",
            "It is tempting to begin with them because they are pleasant to discuss; it is seldom a good use of the "
            "first hour.",
        ),
    ),
    "new": (
        ("What is new", "At a glance"),
        (
            "The changes in this round have one thing in common: they take away a step that nobody enjoyed.",
            "Some are visible at once; others show only in how seldom you have to think about them.",
            "We chose them from what people asked for most often, and we left out what was not ready.",
            "",
            "In short:\n\n"
            "- Everyday tasks need fewer steps and fewer decisions.\n"
            "- What used to be hidden is now where you need it.\n"
            "- Messages say what happened and what you can do next.",
        ),
    ),
    "unchanged": (
        ("What stays the same", "What does not change"),
        (
            "Just as important is what does not change.",
            "Names, deadlines and the people to ask remain the ones you know.",
            "Nothing that you rely on today is taken away without notice.",
            "Where a part is replaced, the old one stays available until the new one has proved itself.",
            "We would rather move slowly than make you learn the same thing twice.",
        ),
    ),
    "todo": (
        ("What it means for you", "What you need to do"),
        (
            "For most readers nothing needs to be done.",
            "What you have set up stays as it is, and the new parts can be taken up one at a time, when it suits you.",
            "If you have built something of your own on top of ours, take a few minutes to try it.",
            "Tell us what you find, even if it is only that everything works.",
        ),
    ),
    "questions": (
        ("Questions you may have", "Before you ask"),
        (
            "A few questions come up every time:\n\n"
            "- *Is this final?* As final as anything that is looked at again in a few months.\n"
            "- *Who can I ask?* The person who sent you this, who knows or knows who does.\n"
            "- *What if it does not work for me?* Then we would like to know early, while it is easy to change.",
            "",
            "If yours is not among them, send it, and the answer will be added here for the next reader.",
        ),
    ),
    "next": (
        ("What comes next", "What happens now"),
        (
            "The next step is a modest one: we watch how this works on ordinary days, and collect what does not fit.",
            "After that we decide, with the reasons written down, what to keep and what to change.",
            "",
            "If something here does not match what you see, say so; the people closest to the work notice first.",
            "A short note is enough, and every one of them is read.",
        ),
    ),
}

# Which sections a kind of article has, in this order; the last one always closes it.
PLANS: dict[str, tuple[str, ...]] = {
    "story": ("before", "change", "obstacles", "lessons", "people", "practice", "cost", "questions", "next"),
    "reasons": ("case", "practice", "cost", "doubts", "people", "matters", "questions", "unchanged", "next"),
    "news": ("new", "unchanged", "todo", "people", "practice", "questions", "matters", "doubts", "cost", "next"),
    "subject": ("standing", "matters", "practice", "people", "doubts", "cost", "case", "questions", "next"),
}

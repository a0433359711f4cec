"""placeholder"""


class ApprovalQueue: ...

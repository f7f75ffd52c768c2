"""From a paper to tasks: the reader of work plans. Plain Python, no Django."""

from gongkai.plans.reading.model import Doubt, Plan, Source, Task
from gongkai.plans.reading.reader import plan_of, read_plan

__all__ = ["Doubt", "Plan", "Source", "Task", "plan_of", "read_plan"]

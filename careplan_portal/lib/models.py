"""The few rows the shared kernel keeps itself."""

from django.db import models


class DemoClock(models.Model):
    """The business day that a demo has been advanced to. One row at most; production has none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    day = models.DateField("業務日")

    class Meta:
        verbose_name = "デモの業務日"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="democlock_one_row")]

    def __str__(self) -> str:
        return self.day.isoformat()

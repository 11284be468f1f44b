from campaigns.models.applying import ApplicationEvent, FreePassApplication
from campaigns.models.identity import CodeGuess, IdentityLetter, LetterRun
from campaigns.models.offer import Campaign, CampaignChange
from campaigns.models.writing import FilingDraft

__all__ = [
    "ApplicationEvent",
    "Campaign",
    "CampaignChange",
    "CodeGuess",
    "FilingDraft",
    "FreePassApplication",
    "IdentityLetter",
    "LetterRun",
]

"""What the services need from outside, as small protocols in the project's own words, without vendor types."""

from assistant.ports.account_store import ADMIN, Account, AccountStore
from assistant.ports.audit import Audit
from assistant.ports.booking_store import BookingStore, Hold
from assistant.ports.calendar import Calendar
from assistant.ports.changes import ChangeMark, Changes
from assistant.ports.clock import Clock
from assistant.ports.languages import Drafts, Language, Languages, Reads, Speaks
from assistant.ports.mentor_directory import MentorDirectory
from assistant.ports.notification_store import NotificationItem, Notifications, NotificationStore
from assistant.ports.notifier import NotDelivered, Notification, Notifier
from assistant.ports.outbox_store import OutboxStore
from assistant.ports.passwords import Passwords, PasswordStore
from assistant.ports.request_index import RequestIndex, Summary
from assistant.ports.request_store import DuplicateMessage, Effects, RequestStore, SlotTaken, StaleVersion
from assistant.ports.sign_in_store import SignedIn, SignIn, SignInStore
from assistant.ports.store_errors import StoreDamaged, StoreUnavailable, ValueNotStorable
from assistant.ports.token_counter import TokenCounter
from assistant.ports.usage_store import UsageStore

__all__ = [
    "ADMIN",
    "Account",
    "AccountStore",
    "Audit",
    "BookingStore",
    "Calendar",
    "ChangeMark",
    "Changes",
    "Clock",
    "Drafts",
    "DuplicateMessage",
    "Effects",
    "Hold",
    "Language",
    "Languages",
    "MentorDirectory",
    "NotDelivered",
    "Notification",
    "NotificationItem",
    "NotificationStore",
    "Notifications",
    "Notifier",
    "OutboxStore",
    "PasswordStore",
    "Passwords",
    "Reads",
    "RequestIndex",
    "RequestStore",
    "SignIn",
    "SignInStore",
    "SignedIn",
    "SlotTaken",
    "Speaks",
    "StaleVersion",
    "StoreDamaged",
    "StoreUnavailable",
    "Summary",
    "TokenCounter",
    "UsageStore",
    "ValueNotStorable",
]

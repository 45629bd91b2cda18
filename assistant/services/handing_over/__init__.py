"""From an approved brief to a closed request: offers, bookings, notifications, debrief."""

"""Where an operator adds people and resets passwords; boards are changed on the board alone."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from board.models import User

admin.site.register(User, UserAdmin)

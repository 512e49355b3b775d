"""The ids in addresses: whole numbers that a database can hold."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    regex = "[0-9]{1,15}"


register_converter(IdConverter, "id")

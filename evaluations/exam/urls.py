"""The addresses of the exam, under those of the evaluations."""

from django.urls import path

from .views import public

urlpatterns = [
    path("simulateur/", public.simulator, name="exam_simulator"),
]

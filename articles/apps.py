from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "报纸"
    # See articles.archive: its rows are in the archive, and a new database has these before anybody has done anything.
    is_archived = True
    born_with = ("topic", "noticeregister")

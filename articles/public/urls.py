"""Public addresses. They are permanent: readers print, cite and bookmark them. Add, never change."""

from __future__ import annotations

from django.urls import path, register_converter

from articles.public import (
    article_views,
    converters,
    correction_views,
    feeds,
    machines,
    notice_views,
    search_views,
    sitemaps,
    subject_views,
    views,
)
from articles.public.api.endpoints import urls as api_urls

register_converter(converters.ItemId, "item_id")
register_converter(converters.PageNumber, "page_number")
register_converter(converters.Year, "year")
register_converter(converters.Month, "month")
register_converter(converters.IssueDate, "issue_date")
register_converter(converters.DayOfYear, "day_of_year")
register_converter(converters.TopicSlug, "topic_slug")

urlpatterns = [
    path("", views.front, name="front"),
    path("p/<slug:newspaper>/", views.newspaper, name="newspaper"),
    path("p/<slug:newspaper>/<year:year>/", views.year, name="year"),
    path("p/<slug:newspaper>/<issue_date:date>/", views.issue, name="issue"),
    path("p/<slug:newspaper>/<issue_date:date>/<page_number:number>/", views.page, name="page"),
    path(
        "p/<slug:newspaper>/<issue_date:date>/<page_number:number>/broadsheet/",
        views.broadsheet_view,
        name="broadsheet",
    ),
    path("a/<item_id:pk>/", article_views.article, name="article"),
    path("a/<item_id:pk>/extracted/", article_views.extracted, name="extracted"),
    path("a/<item_id:pk>/cite.<slug:suffix>", article_views.citation, name="citation"),
    path("n/<item_id:pk>/", notice_views.notice, name="notice"),
    path("n/<item_id:pk>/proof/", notice_views.proof, name="proof"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/open/", notice_views.open_list, name="open-notices"),
    path("notices/lookup/", notice_views.lookup, name="notice-lookup"),
    path("topics/", subject_views.topics, name="topics"),
    path("t/<topic_slug:slug>/", subject_views.topic, name="topic"),
    path("contributors/", subject_views.contributors, name="contributors"),
    path("c/<item_id:pk>/", subject_views.contributor, name="contributor"),
    path("search/", search_views.search, name="search"),
    path("search/feed.xml", search_views.feed, name="search-feed"),
    path("search/complete.json", search_views.complete, name="search-complete"),
    path("opensearch.xml", search_views.description, name="opensearch"),
    path("on/<day_of_year:day>/", subject_views.day, name="on-this-day"),
    path("corrections/", correction_views.corrections, name="corrections"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path("robots.txt", machines.robots, name="robots"),
    path("p/<slug:newspaper>/feed.xml", feeds.newspaper, name="feed"),
    path("t/<topic_slug:slug>/feed.xml", feeds.topic, name="topic-feed"),
    path("c/<item_id:pk>/feed.xml", feeds.contributor, name="contributor-feed"),
    path("notices/feed.xml", feeds.notices, name="notices-feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-site.xml", sitemaps.site, name="sitemap-site"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap-news"),
    path("sitemap-people-<item_id:part>.xml", sitemaps.people, name="sitemap-people"),
    path("p/<slug:newspaper>/sitemap-<month:month>.xml", sitemaps.month, name="sitemap-month"),
    *api_urls(),
]

"""What `manage.py check --deploy` says about the surroundings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def proxies_are_counted(app_configs: Any, **more: Any) -> list[CheckMessage]:
    """Behind a proxy that is not counted all clients have one address: its own."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.PROXY_COUNT:
        return [
            Warning(
                "设了 BEHIND_PROXY 却没有设 PROXY_COUNT：所有读者会被当成同一个地址，一起被限速、一起被锁。",
                hint="前面有一层代理就设 PROXY_COUNT=1，并让代理写 X-Forwarded-For。",
                id="jjcms.W001",
            )
        ]
    return []

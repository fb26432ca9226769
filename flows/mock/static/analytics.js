navigator.sendBeacon("/analytics", JSON.stringify({ page: location.pathname }));

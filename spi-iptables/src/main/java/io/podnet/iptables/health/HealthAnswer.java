package io.podnet.iptables.health;

import io.podnet.services.ServiceHealth;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes HTTP/1.1 answers (RFC 9110, 9112), each the last on its connection. */
final class HealthAnswer {
    /** The fixed format of RFC 9110 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private HealthAnswer() {}

    /** The answer about a service, as kube-proxy gives it (pkg/proxy/healthcheck/service_health.go). */
    static byte[] of(ServiceHealth health, boolean proxyHealthy, boolean withBody, Instant now) {
        boolean well = health.localEndpoints() > 0 && proxyHealthy;
        // A service's names are DNS labels: there is nothing in them that JSON would escape.
        String body = "{\"service\":{\"namespace\":\"" + health.service().namespace() + "\",\"name\":\""
                + health.service().name() + "\"},\"localEndpoints\":" + health.localEndpoints()
                + ",\"serviceProxyHealthy\":" + proxyHealthy + "}";
        String headers = "Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
                + "X-Load-Balancing-Endpoint-Weight: " + health.localEndpoints() + "\r\n";
        return of(well ? "200 OK" : "503 Service Unavailable", headers, body, withBody, now);
    }

    static byte[] refusal(RequestHead head, Instant now) {
        return switch (head) {
            case OTHER_METHOD -> of("405 Method Not Allowed", "Allow: GET, HEAD\r\n", "", true, now);
            case TOO_LARGE -> of("431 Request Header Fields Too Large", "", "", true, now);
            default -> of("400 Bad Request", "", "", true, now);
        };
    }

    private static byte[] of(String status, String headers, String body, boolean withBody, Instant now) {
        String answer = "HTTP/1.1 " + status + "\r\nDate: " + DATE.format(now) + "\r\n" + headers + "Content-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + (withBody ? body : "");
        return answer.getBytes(StandardCharsets.US_ASCII);
    }
}

package org.keyrotation.sandbox;

/** Who may call the simulated API: by API key, or by user name and password. */
public record ApiUser(String id, String username, String password, String apiKey) {

    static ApiUser generate(String label) {
        return new ApiUser(
                "S2-" + Secrets.upperAlphanumerics(20),
                "ws_" + Secrets.upperAlphanumerics(6) + "@Company." + label,
                Secrets.upperAlphanumerics(24),
                "AQE" + Secrets.upperAlphanumerics(60));
    }

    @Override
    public String toString() {
        return "ApiUser[" + username + "]";
    }
}

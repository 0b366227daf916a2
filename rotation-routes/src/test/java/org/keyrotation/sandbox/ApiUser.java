package org.keyrotation.sandbox;

/** A user of the simulated API, authenticated by API key or by username and password. */
public record ApiUser(String id, String username, String password, String apiKey) {

    static ApiUser generate(String label) {
        return new ApiUser(
                "S2-" + RandomText.upperAlphanumerics(20),
                "ws_" + RandomText.upperAlphanumerics(6) + "@Company." + label,
                RandomText.upperAlphanumerics(24),
                "AQE" + RandomText.upperAlphanumerics(60));
    }

    @Override
    public String toString() {
        return "ApiUser[" + username + "]";
    }
}

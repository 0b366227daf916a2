package org.keyrotation.sandbox;

import java.security.SecureRandom;

/** Random text for keys, passwords and ids. */
final class RandomText {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private RandomText() {}

    static String upperAlphanumerics(int length) {
        StringBuilder text = new StringBuilder(length);
        RANDOM.ints(length, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }
}

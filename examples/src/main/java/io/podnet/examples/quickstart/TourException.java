package io.podnet.examples.quickstart;

/** Something is not as the tour says it is. */
final class TourException extends RuntimeException {
    TourException(String message) {
        super(message);
    }
}

package io.podnet.services;

import java.util.Objects;

/**
 * A destination that a service port asked for and another has. Without its cluster IP a service port is not served at
 * all in that family; without another destination it is served on the rest.
 *
 * @param claim the destination
 * @param loser who does without it
 * @param holder who has it
 */
public record LostClaim(Claim claim, ServicePortName loser, ServicePortName holder) {
    public LostClaim {
        Objects.requireNonNull(claim, "claim");
        Objects.requireNonNull(loser, "loser");
        Objects.requireNonNull(holder, "holder");
    }
}

package io.podnet.architecture.leaking;

import io.podnet.api.API;
import java.util.List;

/** A promise that is made of what is not promised. */
@API(status = API.Status.STABLE, since = "soon")
public interface Leaking extends Comparable<Leaking.Inner> {
    /** Takes it. */
    void take(Inner inner);

    /** Gives it in a list. */
    List<Result> give();

    /** Not promised. */
    @API(status = API.Status.INTERNAL, since = "0.1")
    interface Inner {}

    /** Not promised either. */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    interface Result {}
}

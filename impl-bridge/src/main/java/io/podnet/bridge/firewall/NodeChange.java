package io.podnet.bridge.firewall;

/** What {@link PacketFilter#ensureNode} found and did. Later constants say more about what pods lost. */
public enum NodeChange {
    /** All was as it should be; pods kept their elements. */
    UNCHANGED,
    /** Rules or fixed sets were replaced; pods kept their elements. */
    CHANGED,
    /** Nothing was there, no pod has elements. */
    CREATED,
    /** What was there had another shape and was replaced: pods lost their elements and must be repaired. */
    REBUILT
}

/**
 * A third party's network plugin {@code ptp} and Ipam {@code sequential}. They know Podnet's interfaces and its netlink library,
 * no other provider; ServiceLoader finds them. This room must not know who uses them.
 */
package com.example.podnet;

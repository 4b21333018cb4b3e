package io.podnet.examples.cniplugin;

/** Where things are unless an option says otherwise; both commands must agree. */
final class Places {
    static final String STATE = "/var/lib/podnet/cni";
    static final String SOCKET = "/run/podnet/cni.sock";

    private Places() {}
}

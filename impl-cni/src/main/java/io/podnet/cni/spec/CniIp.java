package io.podnet.cni.spec;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An address in a result.
 *
 * @param address the address and the length of its prefix
 * @param gateway the gateway of its subnet
 * @param interfaceIndex which of the result's interfaces has it, counted from 0; empty in results of IPAM plugins
 */
public record CniIp(InterfaceAddress address, Optional<IpAddress> gateway, OptionalInt interfaceIndex) {}

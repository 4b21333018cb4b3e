/**
 * A stand-in for the kernel's side of netlink, for tests in any module: {@link io.podnet.netlink.fake.FakeKernel} records
 * what is sent, answers by a function and fails where it is told to. No system call is made. This room knows messages,
 * not their families: what an answer means is the test's business.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.netlink.fake;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;

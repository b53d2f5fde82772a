using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.Sending;

/// <summary>Detects addresses of this machine, its network or the cloud's metadata service. An IPv6 address that embeds an IPv4 address is checked as both.</summary>
internal static class PrivateAddresses
{
    private static readonly IPNetwork[] Networks =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            // Azure's platform services.
            "168.63.129.16/32",
            "::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
            // NAT64 for local use (RFC 8215): only the network that uses the prefix knows which IPv4 addresses it maps to.
            "64:ff9b:1::/48",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Networks whose addresses end with an IPv4 address: IPv4-compatible, IPv4-translated (SIIT) and NAT64.</summary>
    private static readonly IPNetwork[] EndWithIPv4 = [.. new[] { "::/96", "::ffff:0:0:0/96", "64:ff9b::/96" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16"), Teredo = IPNetwork.Parse("2001::/32");

    public static bool Contains(IPAddress address) => IsListed(address) || IPv4In(address).Any(IsListed);

    private static bool IsListed(IPAddress address) => Networks.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));

    /// <summary>Returns the IPv4 addresses that a router or host extracts from an IPv6 address.</summary>
    private static IEnumerable<IPAddress> IPv4In(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) yield break;
        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || EndWithIPv4.Any(network => network.Contains(address)) || IsIsatap(bytes)) yield return new IPAddress(bytes.AsSpan(12, 4));
        if (SixToFour.Contains(address)) yield return new IPAddress(bytes.AsSpan(2, 4));
        if (!Teredo.Contains(address)) yield break;
        // Teredo (RFC 4380) embeds the server's address unchanged and the client's address with all bits inverted.
        yield return new IPAddress(bytes.AsSpan(4, 4));
        yield return new IPAddress(bytes[12..].Select(one => (byte)~one).ToArray());
    }

    /// <summary>Returns whether the interface identifier is an ISATAP one: <c>0:5efe:IPv4</c>, optionally with the universal and group bits set. It can occur in any network.</summary>
    private static bool IsIsatap(ReadOnlySpan<byte> address) => address[8] <= 3 && address[9..12].SequenceEqual(new byte[] { 0x00, 0x5E, 0xFE });
}

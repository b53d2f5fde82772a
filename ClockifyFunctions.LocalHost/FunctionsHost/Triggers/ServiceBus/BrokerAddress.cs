using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>
/// The broker that a connection string names. With UseDevelopmentEmulator=true it is an emulator (plain AMQP, anonymous); otherwise it is a
/// namespace in Azure (TLS, and tokens that are signed with its key).
/// </summary>
internal sealed record BrokerAddress(string Host, int Port, bool UseTls = false)
{
    /// <summary>The key that signs tokens; null if the broker needs no token.</summary>
    public SharedAccessKey? Key { get; init; }

    public static bool TryParse(string connectionString, [NotNullWhen(true)] out BrokerAddress? address)
    {
        address = null;
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return false;
        }

        string? Part(string name) => parts.TryGetValue(name, out var value) ? (string)value : null;
        if (!Uri.TryCreate(Part("Endpoint"), UriKind.Absolute, out var uri) || uri.Scheme != "sb") return false;
        if ("true".Equals(Part("UseDevelopmentEmulator"), StringComparison.OrdinalIgnoreCase))
            address = new BrokerAddress(uri.Host, uri.Port > 0 ? uri.Port : 5672);
        else if (Part("SharedAccessKeyName") is { } name && Part("SharedAccessKey") is { } key)
            address = new BrokerAddress(uri.Host, uri.Port > 0 ? uri.Port : 5671, UseTls: true) { Key = new SharedAccessKey(name, key) };
        return address is not null;
    }

    public Address ToAmqp() => new(Host, Port, user: null, password: null, path: "/", scheme: UseTls ? "amqps" : "amqp");
}

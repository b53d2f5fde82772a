using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;

/// <summary>
/// Where a connection string points. Only emulators (UseDevelopmentEmulator=true: plain AMQP, anonymous): a real
/// namespace needs TLS and tokens, and delivering from one belongs to Azure, not to this host.
/// </summary>
internal sealed record BrokerAddress(string Host, int Port)
{
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

        if (!parts.TryGetValue("Endpoint", out var endpoint)
            || !Uri.TryCreate((string)endpoint, UriKind.Absolute, out var uri)
            || uri.Scheme != "sb"
            || !parts.TryGetValue("UseDevelopmentEmulator", out var emulator)
            || !"true".Equals((string)emulator, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        address = new BrokerAddress(uri.Host, uri.Port > 0 ? uri.Port : 5672);
        return true;
    }

    public Address ToAmqp() => new(Host, Port, user: null, password: null, path: "/", scheme: "amqp");
}

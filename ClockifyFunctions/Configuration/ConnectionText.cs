using System.Data.Common;
using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Configuration;

/// <summary>Checks connection strings. A connection string is a secret, so no message repeats a part of it.</summary>
internal static class ConnectionText
{
    /// <summary>What is wrong with a connection string of a Service Bus namespace; null if nothing is.</summary>
    public static string? ProblemOfServiceBus(string connection)
    {
        ServiceBusConnectionStringProperties parts;
        try
        {
            // The SDK's parser accepts some texts that are no list at all.
            _ = new DbConnectionStringBuilder { ConnectionString = connection };
            parts = ServiceBusConnectionStringProperties.Parse(connection);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            return "is no list of name=value pairs separated by ';' with Endpoint=sb://…";
        }

        if (parts.Endpoint is null) return "has no Endpoint=sb://…";
        return parts.SharedAccessSignature is null && (parts.SharedAccessKeyName is null || parts.SharedAccessKey is null)
            ? "has no SharedAccessKeyName and SharedAccessKey"
            : null;
    }
}

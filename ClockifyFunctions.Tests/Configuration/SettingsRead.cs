using System.Collections.Concurrent;
using ClockifyFunctions.Configuration;
using Microsoft.Extensions.Configuration;

namespace ClockifyFunctions.Tests.Configuration;

/// <summary>Finds the settings that the app reads, with a configuration that records the requested names.</summary>
internal static class SettingsRead
{
    /// <summary>The names in the form of app settings, for one credential of this name.</summary>
    public static IReadOnlyCollection<string> ByTheApp(string credential)
    {
        var source = new Watcher();
        source.Set($"Credentials:{credential}:ApiKey", "key");
        AppSettings.Read(new ConfigurationBuilder().Add(source).Build(), out _);
        return [.. source.Asked.Select(key => key.Replace(":", "__", StringComparison.Ordinal)).Distinct()];
    }

    private sealed class Watcher : ConfigurationProvider, IConfigurationSource
    {
        public ConcurrentQueue<string> Asked { get; } = [];

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            Asked.Enqueue(key);
            return base.TryGet(key, out value);
        }
    }
}

using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Hosting;

/// <summary>Makes the storage containers before the first request that needs them; those marked with <see cref="NeedsNoStorage"/> are answered while storage is away.</summary>
internal static class StorageOnFirstUse
{
    public static void UseStorage(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<Marker>() is null)
            await context.RequestServices.GetRequiredService<BlobAccount>().EnsureContainersAsync();
        await next(context);
    });

    public static void NeedsNoStorage(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(new Marker());

    private sealed class Marker;
}

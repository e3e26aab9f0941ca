# One silo of the cluster: docs/cluster.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY build/ build/
COPY profiles/ profiles/
COPY src/ src/
RUN dotnet publish src/CrossMargin.Silo -c Release -o /silo \
 && { test -e /silo/Orleans.Runtime.dll || { echo "Microsoft Orleans does not restore here: there is no silo to pack" >&2; exit 1; }; }

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# For the health check.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
WORKDIR /silo
COPY --from=build /silo .
# The image's own user without rights.
USER $APP_UID
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080 8090 11111 30000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "CrossMargin.Silo.dll"]

CREATE TABLE `table_00000` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(200) NOT NULL,
  `email` varchar(190) NOT NULL,
  `status` int NOT NULL DEFAULT '0',
  `price` decimal(12,2) DEFAULT NULL,
  `tags` text,
  `data` json DEFAULT NULL,
  `created_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `table_00000_email_key` (`email`),
  KEY `table_00000_name_idx` (`name`),
  KEY `table_00000_created_at_idx` (`created_at` DESC),
  CONSTRAINT `table_00000_status_check` CHECK ((`status` >= 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
